#include <string.h>

#include "check.h"
#include "fake_port.h"
#include "layout.h"
#include "number.h"

static void store(uint16_t address, const uint8_t *record, unsigned length)
{
    memcpy(fake_eeprom + address, record, length);
}

static void test_identity(void)
{
    check_case("number: identity is kept in the order of its digits");
    uint8_t record[LAYOUT_NUMBER_BYTES];
    uint32_t id = 0;
    fake_erase();
    fake_power_on();
    CHECK(!number_read_identity(&id));
    number_build_identity(record, 0x3F9C02D7);
    CHECK(memcmp(record, "\x3F\x9C\x02\xD7", 4) == 0);
    store(LAYOUT_IDENTITY, record, sizeof record);
    CHECK(number_read_identity(&id) && id == 0x3F9C02D7);

    check_case("number: a damaged or impossible identity is none");
    for (unsigned bit = 0; bit < 48; bit++) {
        fake_eeprom[LAYOUT_IDENTITY + bit / 8] ^= (uint8_t)(1u << bit % 8);
        CHECK(!number_read_identity(&id));
        fake_eeprom[LAYOUT_IDENTITY + bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    number_build_identity(record, 0);
    store(LAYOUT_IDENTITY, record, sizeof record);
    CHECK(!number_read_identity(&id));
    number_build_identity(record, UINT32_MAX);
    store(LAYOUT_IDENTITY, record, sizeof record);
    CHECK(!number_read_identity(&id));
}

static void store_boot(uint32_t boot)
{
    uint8_t record[LAYOUT_NUMBER_BYTES];
    number_build_boot(record, boot);
    store(number_boot_address(boot), record, sizeof record);
}

static void test_boots(void)
{
    static const uint32_t starts[] = {1, 254, 65534, 16777214, 4294967000u};
    check_case("number: boot counts on, over each of its cells");
    fake_erase();
    fake_power_on();
    CHECK(number_next_boot() == 1);
    for (unsigned s = 0; s < sizeof starts / sizeof starts[0]; s++) {
        for (uint32_t boot = starts[s]; boot < starts[s] + 9; boot++) {
            store_boot(boot);
            CHECK(number_next_boot() == boot + 1);
        }
    }
    check_case("number: the highest boot number is told for ever, and never wraps to 0");
    store_boot(UINT32_MAX - 1);
    CHECK(number_next_boot() == UINT32_MAX);
    store_boot(UINT32_MAX);
    CHECK(number_next_boot() == UINT32_MAX);
    check_case("number: a record in a cell that isn't its own doesn't count");
    fake_erase();
    uint8_t record[LAYOUT_NUMBER_BYTES];
    number_build_boot(record, 9);
    store(number_boot_address(10), record, sizeof record);
    CHECK(number_next_boot() == 1);
}

/* Boot b is torn at each byte, with each value: the box then boots as b again, never below. */
static void test_torn_boots(void)
{
    static const uint32_t boots[] = {1, 2, 7, 256, 260, 65536, 65540};
    check_case("number: a torn boot number loses only itself");
    for (unsigned b = 0; b < sizeof boots / sizeof boots[0]; b++) {
        for (unsigned byte = 0; byte < LAYOUT_NUMBER_BYTES; byte++) {
            for (unsigned torn = 0; torn < 256; torn++) {
                uint8_t record[LAYOUT_NUMBER_BYTES];
                fake_erase();
                for (uint32_t boot = boots[b] > 6 ? boots[b] - 6 : 1; boot < boots[b]; boot++) {
                    store_boot(boot);
                }
                number_build_boot(record, boots[b]);
                const bool is_whole = byte == LAYOUT_NUMBER_BYTES - 1 && record[byte] == torn;
                store(number_boot_address(boots[b]), record, byte);
                fake_eeprom[number_boot_address(boots[b]) + byte] = (uint8_t)torn;
                CHECK(number_next_boot() == boots[b] + is_whole);
            }
        }
    }
}

void test_number(void)
{
    test_identity();
    test_boots();
    test_torn_boots();
}
