#include <stdio.h>

#include "check.h"

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: host-test golden-lines.tsv codes.tsv\n");
        return 2;
    }
    test_crc16();
    test_line(argv[1]);
    test_codes(argv[2]);
    test_debounce();
    test_number();
    test_journal();
    test_sender();
    test_lights();
    test_box_press();
    test_box_session();
    test_power_cuts();
    return check_report();
}
