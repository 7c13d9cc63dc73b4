'use client';

import { Check, type LucideIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { lateModule } from '@/lib/late-module';
import { cx } from './cx';
import { Icon } from './icon';
import { Kbd } from './kbd';
import { popupClass } from './popup-class';

type Parts = typeof import('./menu-parts').menuParts;
const parts = lateModule<Parts>(() => import('./menu-parts').then(({ menuParts }) => menuParts));

interface MenuProps {
  /** The element that opens it. */
  trigger: React.ReactElement;
  children: React.ReactNode;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'bottom' | 'left' | 'right';
  className?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/**
 * A list of acts, in the order one would want them; danger last, after a line. What opens it is there from the first
 * moment, the rest comes in a quiet one, or when somebody reaches for it.
 */
export function Menu(props: MenuProps) {
  const Base = parts.use();
  const [early, setEarly] = useState<'focused' | 'opened' | null>(null);
  if (!Base) return <EarlyTrigger trigger={props.trigger} onReach={setEarly} />;
  return <WholeMenu {...props} Base={Base} early={early} />;
}

/** The trigger alone; remembers whether it had the focus, or was pressed already. */
function EarlyTrigger({
  trigger,
  onReach,
}: {
  trigger: React.ReactElement;
  onReach: (early: 'focused' | 'opened' | null) => void;
}) {
  const fetch = () => void parts.fetch().catch(() => undefined);
  return (
    <span
      className="contents"
      onPointerEnter={fetch}
      onFocus={() => (fetch(), onReach('focused'))}
      onBlur={() => onReach(null)}
      onClick={() => (fetch(), onReach('opened'))}
    >
      {trigger}
    </span>
  );
}

function WholeMenu({
  Base,
  early,
  trigger,
  children,
  align = 'start',
  side = 'bottom',
  className,
  open,
  onOpenChange,
}: MenuProps & { Base: Parts; early: 'focused' | 'opened' | null }) {
  const button = useRef<HTMLElement>(null);
  useEffect(() => {
    if (early === 'focused') button.current?.focus({ preventScroll: true });
    // Once, when the whole menu takes the early trigger's place.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <Base.Root open={open} defaultOpen={early === 'opened'} onOpenChange={onOpenChange}>
      <Base.Trigger ref={button as React.Ref<HTMLButtonElement>} render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} collisionPadding={8} className="z-40 outline-none">
          <Base.Popup className={cx(popupClass, 'min-w-[216px] p-1', className)}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const rowClass =
  'flex min-h-8 items-center gap-2.5 rounded-2 px-2 text-ui outline-none select-none data-highlighted:bg-hover data-disabled:opacity-50 pointer-coarse:min-h-11';

interface MenuItemProps {
  icon?: LucideIcon;
  shortcut?: string;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: React.ReactNode;
}

export function MenuItem({ icon, shortcut, danger = false, disabled, onSelect, children }: MenuItemProps) {
  const Base = parts.get();
  return (
    <Base.Item onClick={onSelect} disabled={disabled} className={cx(rowClass, danger && 'text-danger-ink')}>
      {icon && <Icon of={icon} className={danger ? '' : 'text-ink-3'} />}
      <span className="min-w-0 flex-1">{children}</span>
      {shortcut && <Kbd>{shortcut}</Kbd>}
    </Base.Item>
  );
}

/** One of several: the chosen one has a check. */
export function MenuChoices<Value extends string>({
  value,
  onChange,
  label,
  children,
}: {
  value: Value;
  onChange: (value: Value) => void;
  label?: string;
  children: React.ReactNode;
}) {
  const Base = parts.get();
  return (
    <Base.RadioGroup value={value} onValueChange={(next: Value) => onChange(next)} aria-label={label}>
      {children}
    </Base.RadioGroup>
  );
}

export function MenuChoice({
  value,
  icon,
  children,
  closeOnClick = true,
}: {
  value: string;
  icon?: LucideIcon;
  children: React.ReactNode;
  closeOnClick?: boolean;
}) {
  const Base = parts.get();
  return (
    <Base.RadioItem value={value} closeOnClick={closeOnClick} className={rowClass}>
      {icon && <Icon of={icon} className="text-ink-3" />}
      <span className="flex min-w-0 flex-1 items-center gap-2.5">{children}</span>
      <Base.RadioItemIndicator>
        <Icon of={Check} size={14} className="text-accent-ink" />
      </Base.RadioItemIndicator>
    </Base.RadioItem>
  );
}

/** On or off, without closing the menu. */
export function MenuToggle({
  checked,
  onChange,
  icon,
  children,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  icon?: LucideIcon;
  children: React.ReactNode;
}) {
  const Base = parts.get();
  return (
    <Base.CheckboxItem checked={checked} onCheckedChange={onChange} closeOnClick={false} className={rowClass}>
      {icon && <Icon of={icon} className="text-ink-3" />}
      <span className="flex min-w-0 flex-1 items-center gap-2.5">{children}</span>
      <Base.CheckboxItemIndicator>
        <Icon of={Check} size={14} className="text-accent-ink" />
      </Base.CheckboxItemIndicator>
    </Base.CheckboxItem>
  );
}

export function MenuLine() {
  const Base = parts.get();
  return <Base.Separator className="mx-0 my-1 h-px bg-line" />;
}

export function MenuGroup({ label, children }: { label: string; children: React.ReactNode }) {
  const Base = parts.get();
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-2 pb-1 text-meta font-medium text-ink-3">{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  );
}
