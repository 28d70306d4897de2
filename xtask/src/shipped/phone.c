/* Names that Android's C library has and the one of this machine has not. */
int *__errno_location(void);
int *__errno(void) { return __errno_location(); }
int __system_property_get(const char *name, char *value) {
    (void)name;
    value[0] = 0;
    return 0;
}
