use super::*;

#[test]
fn a_key_survives_a_restart_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let public = FileKeystore::open(folder.path()).unwrap().make_device_key().unwrap();
    let signature = FileKeystore::open(folder.path()).unwrap().sign(b"a message").unwrap();
    SuiteId::International.suite().verify(&public, b"a message", &signature).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.path().join("device.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn records_come_back_and_half_written_files_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let vault = FolderVault::open(folder.path()).unwrap();
    vault.put("open/P1", b"one").unwrap();
    vault.put("open/P1", b"two").unwrap();
    std::fs::write(folder.path().join("vault/6f.writing"), b"half").unwrap();
    assert_eq!(vault.record("open/P1").unwrap().unwrap(), b"two");
    assert_eq!(vault.names().unwrap(), ["open/P1"]);
    vault.remove("open/P1").unwrap();
    assert_eq!((vault.record("open/P1"), vault.names()), (Ok(None), Ok(vec![])));
}
