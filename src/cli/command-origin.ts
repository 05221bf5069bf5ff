/** Who sits at this machine, as the audit log names them. */
export const commandOrigin = (atMs: number) => ({ by: 'command line', from: 'local', atMs })
