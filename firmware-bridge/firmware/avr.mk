# What decides the bytes of the image, besides lib/ and src/. Part of the source hash (README.md).
AVR_MCU := atmega328p
AVR_CFLAGS := -mmcu=$(AVR_MCU) -DF_CPU=16000000UL -std=c11 -Os -flto -ffunction-sections -fdata-sections \
	-fshort-enums -fno-tree-switch-conversion -frandom-seed=smilepost -fno-ident -Wall -Wextra -Werror -Wshadow -Ilib -Isrc
AVR_LDFLAGS := -mmcu=$(AVR_MCU) -Os -flto -Wl,--gc-sections -Wall -Wextra -Werror
