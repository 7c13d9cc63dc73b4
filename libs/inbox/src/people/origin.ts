/** Where a request came from. */
export interface Origin {
  correlationId: string | null;
  address: string | null;
  userAgent: string | null;
}
