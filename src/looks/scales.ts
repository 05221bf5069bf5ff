/** One type scale, one spacing scale, one font stack: what is not here is not used. Lengths in rem. */
export const scales = {
  /** System fonts: nothing to load, and every script a customer's machine has. */
  font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans TC', 'Noto Sans CJK TC', 'PingFang TC', 'Microsoft JhengHei', sans-serif",
  text: { xs: 0.8125, s: 0.875, m: 1, l: 1.1875, xl: 1.5, xxl: 2, huge: 3.25 },
  space: { 1: 0.25, 2: 0.5, 3: 0.75, 4: 1, 5: 1.5, 6: 2, 7: 3, 8: 4 },
  radius: { s: 0.375, m: 0.75, full: 62.5 },
} as const
