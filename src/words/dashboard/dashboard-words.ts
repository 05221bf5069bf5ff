import type { Language } from '../languages.ts'
import { dashboardCs } from './dashboard-cs.ts'
import { type DashboardWords, dashboardEn } from './dashboard-en.ts'
import { dashboardFi } from './dashboard-fi.ts'
import { dashboardId } from './dashboard-id.ts'
import { dashboardZhHant } from './dashboard-zh-hant.ts'

/** Texts of the dashboard, per language. */
export const dashboardWords: Readonly<Record<Language, DashboardWords>> = {
  en: dashboardEn,
  fi: dashboardFi,
  cs: dashboardCs,
  id: dashboardId,
  'zh-Hant': dashboardZhHant,
}
