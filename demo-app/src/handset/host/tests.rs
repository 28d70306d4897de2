use super::*;

#[test]
fn a_key_survives_a_restart_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let open = || FileKeystore::open(folder.path()).unwrap();
    for suite in SuiteId::ALL {
        let public = open().make_key("device/A/1", suite, Guard::Device).unwrap();
        let signature = open().sign("device/A/1", b"a message").unwrap();
        for of in SuiteId::ALL {
            let verified = of_wire(of).suite().verify(&public, b"a message", &signature).is_ok();
            assert_eq!(verified, of == suite, "a key signs in its own suite");
        }
    }
    let store = FileKeystore::open(folder.path()).unwrap();
    assert_eq!(store.sign("device/A/2", b"a message"), Err(HostFault::Keystore), "another name, no key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.path().join("keys").join(hex::encode("device/A/1")))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    store.forget_key("device/A/1").unwrap();
    assert_eq!(store.sign("device/A/1", b"a message"), Err(HostFault::Keystore));
    store.forget_key("device/A/1").unwrap();
}

#[test]
fn a_guarded_key_signs_for_a_finger_only() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileKeystore::open(folder.path()).unwrap();
    let public = store.make_key("biometric/A/1", SuiteId::International, Guard::Biometric).unwrap();
    assert_eq!(store.sign("biometric/A/1", b"a message"), Err(HostFault::Keystore));
    let asked =
        Confirmation { key_name: "biometric/A/1".into(), message: b"a message".to_vec(), or_password: false };
    let signature = store.touched(&asked).unwrap();
    let suite = of_wire(SuiteId::International).suite();
    assert!(suite.verify(&public, b"a message", &signature).is_ok());
    store.forget_key("biometric/A/1").unwrap();
    assert_eq!(store.touched(&asked), Err(HostFault::Keystore));
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
