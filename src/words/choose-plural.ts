/** Texts by the plural categories of a language; a category that is not given falls to `other`. */
type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/**
 * The form that goes with a whole number.
 *
 * @param language BCP 47 tag
 * @see https://www.unicode.org/reports/tr35/tr35-numbers.html#Language_Plural_Rules
 */
export function choosePlural(language: string, count: number, forms: PluralForms): string {
  return forms[new Intl.PluralRules(language).select(Math.abs(count))] ?? forms.other
}
