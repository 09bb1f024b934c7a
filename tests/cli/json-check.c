/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Is standard input one value of JSON (RFC 8259) and nothing else? */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool value(const char **p, int depth);

static void blanks(const char **p)
{
    *p += strspn(*p, " \t\r\n");
}

static bool take(const char **p, char c)
{
    blanks(p);
    bool there = **p == c;
    *p += there;
    return there;
}

static bool escape(const char **p)
{
    ++*p;
    if (**p != 'u')
        return **p && strchr("\"\\/bfnrt", *(*p)++) != NULL;
    ++*p;
    for (int i = 0; i < 4; i++) {
        if (!isxdigit((unsigned char)*(*p)++))
            return false;
    }
    return true;
}

static bool string(const char **p)
{
    if (!take(p, '"'))
        return false;
    while (**p != '"') {
        if ((unsigned char)**p < ' ')
            return false;
        if (**p != '\\')
            ++*p;
        else if (!escape(p))
            return false;
    }
    ++*p;
    return true;
}

static bool digits(const char **p)
{
    size_t count = strspn(*p, "0123456789");
    *p += count;
    return count > 0;
}

static bool number(const char **p)
{
    *p += **p == '-';
    if (**p == '0')
        ++*p;
    else if (!digits(p))
        return false;
    if (**p == '.' && (++*p, !digits(p)))
        return false;
    if (**p == 'e' || **p == 'E') {
        ++*p;
        *p += **p == '-' || **p == '+';
        return digits(p);
    }
    return true;
}

static bool members(const char **p, char close, int depth)
{
    if (take(p, close))
        return true;
    do {
        if (close == '}' && !(string(p) && take(p, ':')))
            return false;
        if (!value(p, depth + 1))
            return false;
    } while (take(p, ','));
    return take(p, close);
}

static bool word(const char **p, const char *text)
{
    size_t length = strlen(text);
    bool there = strncmp(*p, text, length) == 0;
    *p += there ? length : 0;
    return there;
}

static bool value(const char **p, int depth)
{
    if (depth > 100)
        return false;
    blanks(p);
    if (take(p, '{'))
        return members(p, '}', depth);
    if (take(p, '['))
        return members(p, ']', depth);
    if (**p == '"')
        return string(p);
    return word(p, "true") || word(p, "false") || word(p, "null") || number(p);
}

int main(void)
{
    enum { ROOM = 16 << 20 };
    char *text = malloc(ROOM + 1);
    if (!text)
        return 2;
    size_t length = fread(text, 1, ROOM, stdin);
    text[length] = 0;
    const char *p = text;
    bool good = value(&p, 0);
    blanks(&p);
    good = good && *p == 0 && p == text + length;
    if (!good)
        fprintf(stderr, "not JSON at byte %ld\n", (long)(p - text));
    free(text);
    return good ? 0 : 1;
}
