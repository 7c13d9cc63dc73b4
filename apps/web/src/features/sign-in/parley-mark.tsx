/** The product's mark and name. */
export function ParleyMark() {
  return (
    <span className="flex items-center gap-[9px] text-accent-ink">
      <svg width="26" height="26" viewBox="0 0 24 24" aria-hidden>
        <path
          fill="currentColor"
          fillRule="evenodd"
          d="M3.5 10.5a8.5 8.5 0 1 1 8.5 8.5H9l-5.5 4zm8.5 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
        />
      </svg>
      <b className="text-[18px] font-semibold tracking-[-0.016em] text-ink">Parley</b>
    </span>
  );
}
