#include "check.h"
#include "crc16.h"

void test_crc16(void)
{
    check_case("crc16: check value of PROTOCOL.md §3");
    CHECK(crc16_of((const uint8_t *)"123456789", 9) == 0x29B1);
    CHECK(crc16_of((const uint8_t *)"", 0) == 0xFFFF);
}
