#include "crc16.h"
#include "line.h"
#include "version.h"

/* Arithmetic, since a table of digits would lie in RAM on an AVR. */
static char hex_digit(uint8_t value, char first_letter)
{
    return (char)(value < 10 ? '0' + value : first_letter + (value - 10));
}

static char *put_text(char *at, const char *text)
{
    while (*text) {
        *at++ = *text++;
    }
    return at;
}

static char *put_id(char *at, uint32_t id)
{
    *at++ = ',';
    for (uint8_t i = 0; i < 8; i++) {
        at[7 - i] = hex_digit((uint8_t)(id & 0x0Fu), 'a');
        id >>= 4;
    }
    return at + 8;
}

static char *put_u32(char *at, uint32_t number)
{
    char digits[10];
    uint8_t count = 0;
    do {
        digits[count++] = (char)('0' + (char)(number % 10u));
        number /= 10u;
    } while (number);
    *at++ = ',';
    while (count) {
        *at++ = digits[--count];
    }
    return at;
}

static uint8_t seal(char *out, char *end)
{
    const uint16_t crc = crc16_of((const uint8_t *)out, (uint8_t)(end - out));
    *end++ = '*';
    for (uint8_t i = 0; i < 4; i++) {
        *end++ = hex_digit((uint8_t)((crc >> (12u - 4u * i)) & 0x0Fu), 'A');
    }
    *end++ = '\n';
    return (uint8_t)(end - out);
}

uint8_t line_build_hello(char *out, const struct line_hello *hello)
{
    char *at = put_text(out, "H," VERSION_PROTOCOL);
    at = put_id(at, hello->id);
    at = put_u32(at, hello->boot);
    at = put_u32(at, hello->cause);
    at = put_u32(at, hello->next);
    at = put_u32(at, hello->pending);
    at = put_u32(at, hello->dropped);
    at = put_u32(at, hello->bad);
    at = put_u32(at, hello->now);
    *at++ = ',';
    at = put_text(at, hello->firmware);
    return seal(out, at);
}

uint8_t line_build_press(char *out, const struct line_press *press)
{
    char *at = put_text(out, "E");
    at = put_id(at, press->id);
    at = put_u32(at, press->sequence);
    at = put_u32(at, press->button);
    at = press->has_age ? put_u32(at, press->age) : put_text(at, ",-");
    at = put_u32(at, press->flags);
    return seal(out, at);
}

uint8_t line_build_no_identity(char *out)
{
    return seal(out, put_text(out, "N"));
}
