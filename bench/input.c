/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The memory that the benchmark programs find; its layout is in bench/programs/program.h. */
#include <string.h>

#include "bench/bench.h"

enum { PAYLOAD = 66, SORTED = 2048, TRIE = 4096, BITS = 6144 };

static void put_headers(uint8_t *mem)
{
    static const uint8_t headers[PAYLOAD] = {
        0x02, 0x42, 0xac, 0x11, 0x00, 0x02, 0x02, 0x42, 0xac, 0x11, 0x00, 0x03, 0x08, 0x00,
        /* IPv4, TCP */
        0x45, 0x00, 0x05, 0xdc, 0x1c, 0x46, 0x40, 0x00, 0x40, 0x06, 0xb1, 0xe6, 192, 168, 17, 4,
        10, 20, 30, 40,
        /* from 51234 to 8080, with options: MSS, two no-operations, timestamp, window scale */
        0xc8, 0x22, 0x1f, 0x90, 1, 2, 3, 4, 5, 6, 7, 8, 0xc0, 0x18, 0x01, 0xf6, 0xbe, 0xef, 0, 0,
        2, 4, 5, 0xb4, 1, 1, 8, 10, 1, 2, 3, 4};
    static const char text[] = /* the options go on */ "\x05\x06\x07\x08\x03\x03\x07\x00"
                               "GET /index.html?a=1 HTTP/1.1\r\nUser-Agent: bench/1.0\r\n"
                               "Accept: text/html\r\nHost: www.example.org\r\n\r\n";
    memcpy(mem, headers, sizeof(headers));
    memcpy(mem + PAYLOAD, text, sizeof(text));
}

/* A binary trie: two children, whether there is a prefix, its route; 16 bits each. */
static void put_trie(uint8_t *mem, uint32_t *seed)
{
    for (uint16_t i = 0; i < 256; i++) {
        uint16_t node[4] = {(uint16_t)(i * 2 + 1 < 256 ? i * 2 + 1 : i * 7 % 256),
                            (uint16_t)(i * 2 + 2 < 256 ? i * 2 + 2 : i * 5 % 256),
                            (uint16_t)((*seed = *seed * 1103515245 + 12345) >> 31), i};
        memcpy(mem + TRIE + i * sizeof(node), node, sizeof(node));
    }
}

void bench_fill(uint8_t *mem)
{
    uint32_t seed = 1, word = 0;
    for (uint32_t i = 0; i < BENCH_MEM; i++)
        mem[i] = (uint8_t)((seed = seed * 1103515245 + 12345) >> 24);
    put_headers(mem);
    for (uint32_t i = 0; i < 256; i++) {
        word += 1 + ((seed = seed * 1103515245 + 12345) >> 7);
        memcpy(mem + SORTED + i * 4, &word, 4);
    }
    put_trie(mem, &seed);
    memcpy(mem + BITS - 64, mem + PAYLOAD, 64);
    mem[BITS - 8]++;
}
