/**
 * Keeps a service running until it is asked to stop: SIGINT, SIGTERM, or the loss of the process that forked it.
 * A second signal ends the process at once.
 */
export async function runUntilStopped(service: { stop(): Promise<void> }): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    if (process.channel) process.once('disconnect', () => resolve())
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  await service.stop()
  // An open channel would keep this process alive.
  if (process.connected) process.disconnect()
}
