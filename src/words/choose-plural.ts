/** Texts by the plural categories of a language; a category that is not given falls to `other`. */
type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** They take long to make, and a report asks for them hundreds of times. */
const rulesOf = new Map<string, Intl.PluralRules>()

/**
 * The form that goes with a whole number.
 *
 * @param language BCP 47 tag
 * @see https://www.unicode.org/reports/tr35/tr35-numbers.html#Language_Plural_Rules
 */
export function choosePlural(language: string, count: number, forms: PluralForms): string {
  const rules = rulesOf.get(language) ?? new Intl.PluralRules(language)
  rulesOf.set(language, rules)
  return forms[rules.select(Math.abs(count))] ?? forms.other
}
