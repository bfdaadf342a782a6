/* Calls everything, rightly and wrongly, in two threads at once: border CERTIFICATE KEY FORM... It is run under valgrind, which sees each byte that is
 * read beyond the end of an input and each text that is not given back. Exit status 0 if every answer is as the header says. */
#include <certgate.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int32_t (*call)(const void *, size_t, const char *, char **);
typedef struct { char *bytes; size_t length; } input;

static const call CALLS[] = {certgate_check, certgate_inspect, certgate_fix};
static const char *OPTIONS[] = {NULL, "", "{\"at\": \"2026-06-01T00:00:00Z\"}", "{\"at\": null, \"policy\": {\"strict\": true}}"};
static const char *WRONG_OPTIONS[] = {"{\"at\": 1}", "{", "\xff\xfe", "7", "{\"policy\": {\"no_such_setting\": 1}}"};
static input *inputs;
static size_t count;

static void need(int holds, const char *what, int32_t status) {
    if (holds) return;
    fprintf(stderr, "%s: status %d\n", what, (int)status);
    exit(1);
}

/* Whether an answer is as the header says, and one that the caller expects: a number from `least` to `most`. */
static void expect(int32_t status, char **said, int32_t least, int32_t most, const char *what) {
    char *text = *said;
    size_t length = text ? strlen(text) : 0;
    need(status >= least && status <= most, what, status);
    if (status >= 0) need(length > 2 && text[0] == '{' && text[length - 1] == '}', "an answer is an object", status);
    if (status == CERTGATE_BAD_OPTIONS || status == CERTGATE_NO_RULE) need(length > 10, "a refusal has a sentence", status);
    if (status == CERTGATE_BAD_ARGUMENT) need(!text, "nothing is said of wrong arguments", status);
    certgate_free(text);
}

/* A block of just so many bytes: what is read beyond it is not ours. The caller frees it. */
static char *copy(const char *bytes, size_t length) {
    char *block = (char *)malloc(length ? length : 1);
    if (!block) exit(2);
    memcpy(block, bytes, length);
    return block;
}

static void whatever_is_given(const input *whole) {
    size_t part, option, function;
    for (part = 0; part <= 8; part++) {
        size_t length = whole->length * part / 8;
        char *block = copy(whole->bytes, length), *text = (char *)"not written";
        for (function = 0; function < 3; function++) {
            option = (part + function) % 4;
            expect(CALLS[function](block, length, OPTIONS[option], &text), &text, CERTGATE_YES, CERTGATE_NO, "a call");
        }
        expect(certgate_prove(block, length, block, length, OPTIONS[part % 4], &text), &text, CERTGATE_YES, CERTGATE_NO, "a proof");
        free(block);
    }
}

static void what_is_wrong(void) {
    const size_t lengths[] = {SIZE_MAX, SIZE_MAX / 2 + 1};
    size_t function, i;
    char *text;
    for (function = 0; function < 3; function++) {
        expect(CALLS[function](NULL, 1, NULL, &text), &text, CERTGATE_BAD_ARGUMENT, CERTGATE_BAD_ARGUMENT, "NULL");
        expect(CALLS[function](NULL, 0, NULL, &text), &text, CERTGATE_NO, CERTGATE_NO, "nothing");
        need(CALLS[function]("x", 1, NULL, NULL) == CERTGATE_NO, "no place for the text", 0);
        for (i = 0; i < 2; i++)
            expect(CALLS[function]("x", lengths[i], NULL, &text), &text, CERTGATE_BAD_ARGUMENT, CERTGATE_BAD_ARGUMENT, "a length");
        for (i = 0; i < sizeof WRONG_OPTIONS / sizeof *WRONG_OPTIONS; i++)
            expect(CALLS[function]("{}", 2, WRONG_OPTIONS[i], &text), &text, CERTGATE_BAD_OPTIONS, CERTGATE_BAD_OPTIONS, "options");
    }
    expect(certgate_prove(NULL, 1, "x", 1, NULL, &text), &text, CERTGATE_BAD_ARGUMENT, CERTGATE_BAD_ARGUMENT, "no certificate");
    expect(certgate_prove("x", 1, NULL, 1, NULL, &text), &text, CERTGATE_BAD_ARGUMENT, CERTGATE_BAD_ARGUMENT, "no key");
    expect(certgate_prove("x", 1, "x", SIZE_MAX, NULL, &text), &text, CERTGATE_BAD_ARGUMENT, CERTGATE_BAD_ARGUMENT, "a key's length");
    expect(certgate_prove("x", 1, "x", 1, "{", &text), &text, CERTGATE_BAD_OPTIONS, CERTGATE_BAD_OPTIONS, "options of a proof");
    need(certgate_prove("x", 1, "x", 1, NULL, NULL) == CERTGATE_NO, "no place for a proof", 0);
    expect(certgate_explain(NULL, &text), &text, CERTGATE_BAD_ARGUMENT, CERTGATE_BAD_ARGUMENT, "no code");
    expect(certgate_explain("match-other-key", &text), &text, CERTGATE_YES, CERTGATE_YES, "a rule");
    expect(certgate_explain("", &text), &text, CERTGATE_NO_RULE, CERTGATE_NO_RULE, "no rule");
    expect(certgate_explain("\xff", &text), &text, CERTGATE_NO_RULE, CERTGATE_NO_RULE, "no text");
    need(certgate_explain("match-other-key", NULL) == CERTGATE_YES, "no place for a rule", 0);
    need(certgate_abi() == CERTGATE_ABI && strlen(certgate_version()) > 4, "version", 0);
    certgate_free(NULL);
}

static void *all(void *unused) {
    const char *at = OPTIONS[2];
    char *text;
    size_t i;
    what_is_wrong();
    for (i = 0; i < count; i++) whatever_is_given(&inputs[i]);
    expect(certgate_prove(inputs[0].bytes, inputs[0].length, inputs[1].bytes, inputs[1].length, at, &text), &text, CERTGATE_YES,
           CERTGATE_YES, "the key of the certificate");
    return unused;
}

static input read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    static char room[1 << 20];
    input made;
    if (!file) exit(2);
    made.length = fread(room, 1, sizeof room, file);
    made.bytes = copy(room, made.length);
    fclose(file);
    return made;
}

int main(int given, char **paths) {
    pthread_t thread;
    size_t i;
    if (given < 4) return 2;
    count = (size_t)given - 1;
    if (!(inputs = (input *)malloc(count * sizeof *inputs))) return 2;
    for (i = 0; i < count; i++) inputs[i] = read_file(paths[i + 1]);
    if (pthread_create(&thread, NULL, all, NULL)) return 2;
    all(NULL);
    pthread_join(thread, NULL);
    for (i = 0; i < count; i++) free(inputs[i].bytes);
    free(inputs);
    return 0;
}
