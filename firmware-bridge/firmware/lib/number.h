#ifndef NUMBER_H
#define NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The two numbers kept beside the journal, each with its CRC (PROTOCOL.md §14): identity and boot number.
 * Reads only at boot, while nothing is being written.
 */

void number_pack(uint8_t *bytes, uint32_t number);
uint32_t number_unpack(const uint8_t *bytes);

/* Box id as in PROTOCOL.md §4; false when there is none. */
bool number_read_identity(uint32_t *id);
void number_build_identity(uint8_t *record, uint32_t id);

/* Highest valid boot number + 1; 1 for an erased EEPROM. */
uint32_t number_next_boot(void);
uint16_t number_boot_address(uint32_t boot);
void number_build_boot(uint8_t *record, uint32_t boot);

#endif
