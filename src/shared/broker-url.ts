/**
 * Whether a text is the address of a broker and nothing more: mqtt, mqtts, ws or wss. A name or a password in it would be printed in logs
 * and reports, and mqtt.js takes even the client id from its query.
 */
export function isBrokerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  // The parsed `search` and `hash` of a lone `?` or `#` are empty.
  return /^(mqtts?|wss?):$/.test(protocol) && hostname !== '' && `${username}${password}` === '' && !/[?#@]/.test(text)
}

/** For messages: what `isBrokerUrl` wants. */
export const brokerUrlExpected =
  'a URL such as mqtt://central.example:1883 or mqtts://central.example:8883, without a user name, password or query'
