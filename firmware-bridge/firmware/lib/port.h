#ifndef PORT_H
#define PORT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What the pure part of the firmware asks of the world. src/board.c answers with registers, test/fake_port.c with
 * an EEPROM whose power can be cut at any byte.
 */

/* True while no EEPROM byte is being written (a byte takes about 3.4 ms). */
bool port_eeprom_is_ready(void);

/* Both only while port_eeprom_is_ready(): the ATmega can't read its EEPROM during a write. */
uint8_t port_eeprom_read(uint16_t address);
void port_eeprom_write(uint16_t address, uint8_t value);

/* Queues a whole line for the host. False, with nothing queued, when there is no room now. */
bool port_send(const char *bytes, uint8_t length);

#endif
