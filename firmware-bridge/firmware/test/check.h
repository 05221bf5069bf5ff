#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>

/* Each test file offers one function; main.c runs them all. A case passes when none of its checks failed. */

void check_case(const char *format, ...) __attribute__((format(printf, 1, 2)));
void check_that(bool is_true, const char *file, int line, const char *what);

#define CHECK(condition) check_that((condition), __FILE__, __LINE__, #condition)

/* Ends the last case and prints `N passed, N failed`; the exit code. */
int check_report(void);

void test_crc16(void);
void test_line(const char *golden_path);
void test_codes(const char *path);
void test_debounce(void);
void test_number(void);
void test_journal(void);
void test_sender(void);
void test_lights(void);
void test_box_press(void);
void test_box_session(void);
void test_power_cuts(void);

#endif
