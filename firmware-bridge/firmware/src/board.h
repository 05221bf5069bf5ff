#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Everything that touches a register of the ATmega328P at 16 MHz; also answers port.h.
 * Buttons PD4–PD7 to ground, lights PB0 green, PB1 amber, PB2 red (README.md, wiring).
 */

/* Pins, timer, UART, watchdog; interrupts are on afterwards. */
void board_open(void);

/* PROTOCOL.md §15.1. */
uint8_t board_reset_cause(void);

/* ms since boot, wraps after 49.7 days. */
uint32_t board_now(void);

/* Mask of closed contacts, bit 0 = button 1. */
uint8_t board_buttons(void);

/* Mask as in lights.h. Dimmed means lit for one millisecond in eight: 125 Hz, no flicker to the eye. */
void board_light(uint8_t lights, bool is_dimmed);

/* Next byte of the host; false when there is none. */
bool board_take_byte(uint8_t *byte);

/* Sleeps until an interrupt, unless one has come since the last call; tells the watchdog that all is well. */
void board_sleep(void);

#endif
