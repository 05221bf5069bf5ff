/** Local hours of a window: `startHour` 0–23, `endHour` 1–24 exclusive; an end up to the start is past midnight. */
export function hoursOfSlots(
  { startSlot, endSlot }: { startSlot: number; endSlot: number },
  dayStart: number,
): { startHour: number; endHour: number } {
  const end = dayStart + endSlot
  return { startHour: (dayStart + startSlot) % 24, endHour: end > 24 ? end - 24 : end }
}
