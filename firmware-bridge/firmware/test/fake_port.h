#ifndef FAKE_PORT_H
#define FAKE_PORT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The world of port.h on this machine: an EEPROM with its timing that can be cut at any byte, and a wire that keeps
 * what was sent. EEPROM content survives fake_power_on, everything else doesn't.
 */

#define FAKE_WRITE_US 3400u

struct fake_wire {
    char lines[512][100]; /* without '\n' */
    unsigned count;
};

extern uint8_t fake_eeprom[1024];
extern struct fake_wire fake_sent;
extern uint64_t fake_time_us;
extern bool fake_is_wire_full;
extern bool fake_has_power;
extern unsigned fake_writes; /* bytes written since fake_power_on */

void fake_erase(void);
void fake_power_on(void);

/* The power goes during the write number `write` from now (0 = the next one), which leaves torn in its cell. */
void fake_cut_at(unsigned write, uint8_t torn);

/* A small linear generator, so that every run is the same. */
uint32_t fake_random(uint32_t *state);

#endif
