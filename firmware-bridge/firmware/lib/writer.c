#include "writer.h"

#include "port.h"

bool writer_is_idle(const struct writer *writer)
{
    return writer->length == 0;
}

void writer_start(struct writer *writer, uint16_t address, uint8_t length)
{
    writer->address = address;
    writer->length = length;
    writer->position = 0;
}

/* The last byte is the commit and is written even if it reads the same (PROTOCOL.md §14). */
static bool must_write(const struct writer *writer)
{
    if (writer->position + 1 == writer->length) {
        return true;
    }
    const uint16_t address = (uint16_t)(writer->address + writer->position);
    return port_eeprom_read(address) != writer->bytes[writer->position];
}

bool writer_step(struct writer *writer)
{
    if (writer->length == 0 || !port_eeprom_is_ready()) {
        return false;
    }
    if (writer->position == writer->length) {
        writer->length = 0;
        return true;
    }
    while (!must_write(writer)) {
        writer->position++;
    }
    port_eeprom_write((uint16_t)(writer->address + writer->position), writer->bytes[writer->position]);
    writer->position++;
    return false;
}
