/** What a broker must guarantee, and what to do where it does not (contracts: "level = user name = client id"). */
export const rules = {
  'own-topics': {
    promise: 'a terminal is heard on its own up topics and reads its own down topics',
    remedy:
      'give each terminal write on its hello, batch, health and status and read on its welcome, ack and desired; a payload of 32 KiB must pass',
  },
  anonymous: {
    promise: 'nobody connects without the right password',
    remedy: 'forbid anonymous clients and check passwords (Mosquitto: allow_anonymous false, password_file)',
  },
  'client-id': {
    promise: 'nobody takes over a terminal by connecting with its client id',
    remedy: 'make the client id follow the user name (Mosquitto: use_username_as_clientid true, in each listener)',
  },
  'foreign-publish': {
    promise: 'no terminal publishes in the name of another',
    remedy: 'allow publishing to smilepost/v1/<user name>/… only (Mosquitto: acl_file with pattern write and %u)',
  },
  'forged-answers': {
    promise: 'no terminal publishes what only the central may say',
    remedy: 'let only the central publish to welcome, ack and desired: a forged ack makes a terminal forget presses',
  },
  'foreign-subscribe': {
    promise: 'no terminal reads what is not its own, by name, wildcard, shared subscription or $SYS',
    remedy:
      'allow reading smilepost/v1/<user name>/welcome, ack and desired only (Mosquitto: acl_file with pattern read and %u)',
  },
  'foreign-will': {
    promise: 'no will speaks in the name of another terminal',
    remedy: 'check the topic of a will like that of any message',
  },
  retained: {
    promise: 'no message of a terminal is kept for later readers',
    remedy: 'switch retained messages off (Mosquitto: retain_available false)',
  },
  'kept-session': {
    promise: 'a kept session brings no message of a topic that was denied',
    remedy: 'check rights on delivery too, also for sessions that are not clean, or refuse such sessions',
  },
  oversized: {
    promise: 'no message of twice our largest size comes through',
    remedy: 'bound the packet size to 32 KiB and a header (Mosquitto: max_packet_size 32896)',
  },
} as const

export type RuleName = keyof typeof rules
/** `broken`: seen not to hold. `open`: nothing was seen, but nobody could have seen it either. */
export type Verdict = 'proven' | 'broken' | 'open'
export type RuleProof = { rule: RuleName; verdict: Verdict; detail: string }
