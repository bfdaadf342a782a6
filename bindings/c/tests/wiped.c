/* Whether certgate_free wipes: wiped FORM. Its own `free`, which the library calls, too, looks at the fixed form just before its memory goes. */
#include <certgate.h>
#include <stdio.h>
#include <string.h>

extern void __libc_free(void *);

static char *watched;
static size_t length;
static int looked, left;

void free(void *block) {
    size_t i;
    if (block && block == watched)
        for (looked = 1, i = 0; i < length; i++) left += watched[i] != 0;
    __libc_free(block);
}

int main(int count, char **arguments) {
    static char form[1 << 20];
    FILE *file = count > 1 ? fopen(arguments[1], "rb") : NULL;
    size_t size = file ? fread(form, 1, sizeof form, file) : 0;
    if (certgate_fix(form, size, NULL, &watched) < 0 || !strstr(watched, "PRIVATE KEY")) return 2;
    length = strlen(watched);
    certgate_free(watched);
    if (!looked || left) fprintf(stderr, "looked: %d, bytes that are left: %d\n", looked, left);
    return looked && !left ? 0 : 1;
}
