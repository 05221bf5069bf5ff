#ifndef CRC16_H
#define CRC16_H

#include <stdint.h>

/* CRC-16/CCITT-FALSE, PROTOCOL.md §3. Begin with CRC16_START, feed each byte. */
#define CRC16_START 0xFFFFu

uint16_t crc16_update(uint16_t crc, uint8_t byte);
uint16_t crc16_of(const uint8_t *bytes, uint8_t length);

#endif
