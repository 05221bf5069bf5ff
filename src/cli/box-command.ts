import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { type BoxOptions, parseBaud, parseBoxes, parseRate, parseSeed, parseSpeed } from './box/box-options.ts'

const help = `
Keys on a terminal: 1–4 press, p cuts the power for a second, r resets, u pulls and puts back the cable, n goes to the
next box, Ctrl-C ends. A host that opens a device should flush its input, as serial libraries do.
In the background: smilepost box </dev/null &

Example:
  $ smilepost box --device /tmp/box --eeprom /tmp/box.eeprom --commits /tmp/commits.jsonl
  $ smilepost terminal --config terminal.toml        with [serial] device = "/tmp/box"
  $ smilepost box --boxes 3 --speed 10 --scenario day.json --flip 0.001 --json

Scenario: { "steps": [ { "do": "press", "button": 1, "holdMs": 120, "bounceMs": 5 }, { "do": "wait", "ms": 500 },
  { "do": "jumble", "presses": 20 }, { "do": "power-cut", "inWrite": 3, "offMs": 800 }, { "do": "hold", "button": 2 } ] }
A box without an identity refuses presses; a host gives it one, or { "do": "say", "line": "S,3f9c02d7" }. All steps:
wait press chord hold release jumble power-cut power-off power-on reset unplug plug mute unmute noise baud
say; firmware-bridge/simulator/scenario.ts tells their keys.`

export function makeBoxCommand(): Command {
  return new Command('box')
    .description('run the real firmware in simulated boxes, each behind a serial device that any program can open')
    .option(
      '--device <path>',
      'where the device appears; with several boxes path-1, path-2 …',
      join(tmpdir(), 'smilepost-box'),
    )
    .option('--boxes <number>', 'how many', parseBoxes, 1)
    .option('--seed <number>', 'another bounce, another noise; the next box has the next seed', parseSeed, 1)
    .option('--speed <factor>', 'simulated time in real time, up to 50', parseSpeed, 1)
    .option('--scenario <file>', 'what happens to each box (JSON)')
    .option('--exit', 'end when every scenario is over')
    .option('--commits <file>', 'add a JSON line for each press that an EEPROM has come to hold')
    .option('--eeprom <file>', 'load the EEPROM from there, keep it there; with several boxes file-1, file-2 …')
    .option('--drop <rate>', 'share of bytes that the cable loses, each way', parseRate, 0)
    .option('--flip <rate>', 'share of bytes in which the cable turns a bit over', parseRate, 0)
    .option('--insert <rate>', 'share of bytes before which the cable puts another', parseRate, 0)
    .option('--baud <rate>', 'what the host has set its port to; anything far from 57600 is garbled', parseBaud, 57_600)
    .option('--json', 'print one JSON object a line, and nothing else')
    .addHelpText('after', help)
    .action(async (options: BoxOptions, command: Command) => {
      if (options.exit && options.scenario === undefined) command.error('error: --exit needs a --scenario that can end')
      const { runBoxes } = await import('./box/run-boxes.ts')
      await runBoxes(options)
    })
}
