#include "check.h"

#include <stdarg.h>
#include <stdio.h>

static char case_name[160];
static bool is_case_open;
static bool has_case_failed;
static unsigned passed;
static unsigned failed;

static void end_case(void)
{
    if (is_case_open) {
        passed += !has_case_failed;
        failed += has_case_failed;
    }
    is_case_open = false;
}

void check_case(const char *format, ...)
{
    end_case();
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(case_name, sizeof case_name, format, arguments);
    va_end(arguments);
    is_case_open = true;
    has_case_failed = false;
}

void check_that(bool is_true, const char *file, int line, const char *what)
{
    if (is_true) {
        return;
    }
    if (!has_case_failed) {
        printf("FAILED %s\n", case_name);
    }
    printf("  %s:%d: %s\n", file, line, what);
    has_case_failed = true;
}

int check_report(void)
{
    end_case();
    printf("%u passed, %u failed\n", passed, failed);
    return passed > 0 && failed == 0 ? 0 : 1;
}
