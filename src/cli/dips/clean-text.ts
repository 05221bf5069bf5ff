/** Text of a stranger's file for a terminal: nothing in it moves the cursor or colours the line. */
export function cleanText(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd')
}
