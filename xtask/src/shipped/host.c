/* Loads the shipped library and calls it as generated code does: the version of the contract, a configuration that is
 * refused by a typed error, and a call that panics inside. Exit code 0 when each ends as it should. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

struct buffer { uint64_t capacity, len; uint8_t *data; };
struct status { int8_t code; struct buffer error; };
struct bytes { int32_t len; const uint8_t *data; };
enum { WELL = 0, TYPED_ERROR = 1, PANIC = 2 };

static int wrong(const char *what) {
    fprintf(stderr, "%s\n", what);
    return 1;
}

int main(int count, char **arguments) {
    if (count != 2) return wrong("which library?");
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) return wrong(dlerror());
    uint32_t (*version)(void) = (uint32_t (*)(void))dlsym(library, "ffi_msgpay_uniffi_contract_version");
    struct buffer (*copy)(struct bytes, struct status *) =
        (struct buffer(*)(struct bytes, struct status *))dlsym(library, "ffi_msgpay_rustbuffer_from_bytes");
    void *(*read)(struct buffer, struct buffer, struct status *) =
        (void *(*)(struct buffer, struct buffer, struct status *))
            dlsym(library, "uniffi_msgpay_fn_constructor_nativeconfig_read");
    if (!version || !copy || !read) return wrong(dlerror());
    printf("contract %u\n", version());

    static const uint8_t text[] = {'?'}, no_files[] = {0, 0, 0, 0};
    struct status status = {WELL, {0, 0, 0}};
    struct buffer first = copy((struct bytes){1, text}, &status);
    struct buffer second = copy((struct bytes){4, no_files}, &status);
    if (status.code != WELL) return wrong("bytes are not taken");
    read(first, second, &status);
    if (status.code != TYPED_ERROR) return wrong("a false configuration is no typed error");
    printf("typed error of %u bytes\n", (unsigned)status.error.len);

    status = (struct status){WELL, {0, 0, 0}};
    copy((struct bytes){-1, 0}, &status);
    if (status.code != PANIC) return wrong("a panic is not told");
    printf("panic caught: %.*s\n", (int)status.error.len, (const char *)status.error.data);

    status = (struct status){WELL, {0, 0, 0}};
    copy((struct bytes){1, text}, &status);
    if (status.code != WELL) return wrong("after the panic nothing works");
    return 0;
}
