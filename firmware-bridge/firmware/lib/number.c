#include "number.h"

#include "crc16.h"
#include "layout.h"
#include "port.h"

void number_pack(uint8_t *bytes, uint32_t number)
{
    for (uint8_t i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(number >> (8u * i));
    }
}

uint32_t number_unpack(const uint8_t *bytes)
{
    uint32_t number = 0;
    for (uint8_t i = 4; i > 0; i--) {
        number = (number << 8) | bytes[i - 1];
    }
    return number;
}

/* The id is kept in the order of its hex digits, so that a dump of the EEPROM shows it. */
static uint32_t swapped(uint32_t number)
{
    return (number >> 24) | ((number >> 8) & 0xFF00u) | ((number << 8) & 0xFF0000u) | (number << 24);
}

static void build(uint8_t *record, uint32_t number)
{
    number_pack(record, number);
    const uint16_t crc = crc16_of(record, 4);
    record[4] = (uint8_t)crc;
    record[5] = (uint8_t)(crc >> 8);
}

static bool read(uint16_t address, uint32_t *number)
{
    uint8_t record[LAYOUT_NUMBER_BYTES];
    for (uint8_t i = 0; i < LAYOUT_NUMBER_BYTES; i++) {
        record[i] = port_eeprom_read((uint16_t)(address + i));
    }
    *number = number_unpack(record);
    return crc16_of(record, 4) == (uint16_t)(record[4] | ((uint16_t)record[5] << 8));
}

bool number_read_identity(uint32_t *id)
{
    uint32_t stored;
    if (!read(LAYOUT_IDENTITY, &stored) || stored == 0 || stored == UINT32_MAX) {
        return false;
    }
    *id = swapped(stored);
    return true;
}

void number_build_identity(uint8_t *record, uint32_t id)
{
    build(record, swapped(id));
}

uint32_t number_next_boot(void)
{
    uint32_t highest = 0;
    for (uint8_t cell = 0; cell < LAYOUT_BOOT_CELLS; cell++) {
        uint32_t boot;
        const bool is_valid = read((uint16_t)(LAYOUT_BOOT + cell * LAYOUT_NUMBER_BYTES), &boot);
        if (is_valid && boot % LAYOUT_BOOT_CELLS == cell && boot > highest && boot != UINT32_MAX) {
            highest = boot;
        }
    }
    return highest + 1;
}

uint16_t number_boot_address(uint32_t boot)
{
    return (uint16_t)(LAYOUT_BOOT + (uint8_t)(boot % LAYOUT_BOOT_CELLS) * LAYOUT_NUMBER_BYTES);
}

void number_build_boot(uint8_t *record, uint32_t boot)
{
    build(record, boot);
}
