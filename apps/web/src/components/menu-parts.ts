import { Menu } from '@base-ui/react/menu';

/** Of the library's menu what ours is made of: asked for by name, so that the build leaves out the rest. */
export const menuParts = {
  Root: Menu.Root,
  Trigger: Menu.Trigger,
  Portal: Menu.Portal,
  Positioner: Menu.Positioner,
  Popup: Menu.Popup,
  Item: Menu.Item,
  Group: Menu.Group,
  GroupLabel: Menu.GroupLabel,
  RadioGroup: Menu.RadioGroup,
  RadioItem: Menu.RadioItem,
  RadioItemIndicator: Menu.RadioItemIndicator,
  CheckboxItem: Menu.CheckboxItem,
  CheckboxItemIndicator: Menu.CheckboxItemIndicator,
  Separator: Menu.Separator,
};
