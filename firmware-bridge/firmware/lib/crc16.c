#include "crc16.h"

/* Bitwise: a table would cost 512 bytes of flash, and a line has at most 96 bytes. */
uint16_t crc16_update(uint16_t crc, uint8_t byte)
{
    crc = (uint16_t)(crc ^ ((uint16_t)byte << 8));
    for (uint8_t bit = 0; bit < 8; bit++) {
        const uint16_t shifted = (uint16_t)(crc << 1);
        crc = (crc & 0x8000u) ? (uint16_t)(shifted ^ 0x1021u) : shifted;
    }
    return crc;
}

uint16_t crc16_of(const uint8_t *bytes, uint8_t length)
{
    uint16_t crc = CRC16_START;
    for (uint8_t i = 0; i < length; i++) {
        crc = crc16_update(crc, bytes[i]);
    }
    return crc;
}
