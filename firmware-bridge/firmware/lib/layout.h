#ifndef LAYOUT_H
#define LAYOUT_H

/* The EEPROM as in PROTOCOL.md §14. */
#define LAYOUT_EEPROM_BYTES 1024u

#define LAYOUT_IDENTITY 0x002u

#define LAYOUT_BOOT 0x008u
#define LAYOUT_BOOT_CELLS 4u

/* Identity and boot number are both a 32-bit number and its CRC. */
#define LAYOUT_NUMBER_BYTES 6u

#define LAYOUT_JOURNAL 0x020u
#define LAYOUT_SLOTS 124u
#define LAYOUT_SLOT_BYTES 8u

#endif
