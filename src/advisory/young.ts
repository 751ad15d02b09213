/** Whether data was last known current (RFC 3339) less than so many milliseconds ago; a time that lies ahead says nothing. */
export function isYounger(checkedAt: string, ms: number, now: Date): boolean {
  const age = now.getTime() - Date.parse(checkedAt);
  return age >= 0 && age < ms;
}
