/* Checks a form: check FORM.json. Prints the report. Exit status: 0 accepted, 1 rejected, 2 could not run. C99, and C++ too. */
#include <certgate.h>
#include <stdio.h>
#include <stdlib.h>

/* Reads a whole file. The caller frees it. */
static char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    size_t room = 0;
    *length = 0;
    if (!file) return NULL;
    do {
        if (*length == room) {
            char *more = (char *)realloc(bytes, room = room ? room * 2 : 65536);
            if (!more) { free(bytes); fclose(file); return NULL; }
            bytes = more;
        }
        *length += fread(bytes + *length, 1, room - *length, file);
    } while (!feof(file) && !ferror(file));
    fclose(file);
    return bytes;
}

int main(int count, char **arguments) {
    size_t length;
    char *form, *text;
    int32_t status;

    if (certgate_abi() != CERTGATE_ABI) {
        fprintf(stderr, "this program was built for another certgate than %s\n", certgate_version());
        return 2;
    }
    if (count < 2 || !(form = read_file(arguments[1], &length))) {
        fprintf(stderr, "give a file with a form, and perhaps options\n");
        return 2;
    }
    status = certgate_check(form, length, count > 2 ? arguments[2] : NULL, &text);
    free(form);
    if (text) fprintf(status < 0 ? stderr : stdout, "%s\n", text);
    certgate_free(text);
    return status < 0 ? 2 : status;
}
