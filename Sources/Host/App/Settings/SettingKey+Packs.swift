// The keys of where packs run, and of what happens when one ends.

extension SettingKey {
    static let packIsolation = SettingKey(
        name: "PACK_ISOLATION", defaultValue: "process",
        meaning:
            "Where packs run whose YAML does not say: `process`, each in one of its own, or `host`, in the host's, "
            + "which ends with them.",
        example: "host")
    static let packRestartDelays = SettingKey(
        name: "PACK_RESTART_DELAYS", defaultValue: "0,1s,5s,30s,60s",
        meaning: "How long a pack whose process ended waits for its next start, after the first failure in a row, the "
            + "second and so on; the last one repeats. A minute of health ends the row.",
        example: "0,2s,10s")
    static let packRestartLimit = SettingKey(
        name: "PACK_RESTART_LIMIT", defaultValue: "5",
        meaning: "So many failures in a row, and a pack is not started any more until somebody does it by hand; `off`: "
            + "it always is.",
        example: "off")

    static let packNiceness = SettingKey(
        name: "PACK_NICENESS", defaultValue: "0",
        meaning:
            "How far the processes of packs whose YAML does not say stand back where processors are busy: 0, not at "
            + "all, to 19 (nice(2)).",
        example: "5")

    static let packSandbox = SettingKey(
        name: "PACK_SANDBOX", defaultValue: "standard",
        meaning: "How far packs in processes of their own are confined whose YAML does not say: `off`, `standard` or "
            + "`strict`.",
        example: "strict")
    static let packSandboxABI = SettingKey(
        name: "PACK_SANDBOX_ABI", defaultValue: "",
        meaning: "The highest version of Landlock that is used, to see what an older kernel would hold; by default the "
            + "kernel's own.",
        example: "2")

    static let packMemory = SettingKey(
        name: "PACK_MEMORY", defaultValue: "1GiB",
        meaning: "The most memory of a pack in a process of its own whose YAML does not say; beyond it the process is "
            + "ended and started again. At least 32MiB; `none`: no bound.",
        example: "512MiB")
    static let packThreads = SettingKey(
        name: "PACK_THREADS", defaultValue: "256",
        meaning: "The most threads of such a process; beyond it, it is ended, too. At least 16; `none`: no bound.",
        example: "128")
    static let packOpenFiles = SettingKey(
        name: "PACK_OPEN_FILES", defaultValue: "1024",
        meaning: "The most open files of such a process; beyond it the pack gets EMFILE. At least 64.", example: "4096")
    static let packFileSize = SettingKey(
        name: "PACK_FILE_SIZE", defaultValue: "4GiB",
        meaning:
            "The largest file that such a process may write; beyond it the pack gets EFBIG. At least 64KiB; `none`: "
            + "no bound.",
        example: "1GiB")
    static let packCoreDumps = SettingKey(
        name: "PACK_CORE_DUMPS", defaultValue: "false",
        meaning: "Whether a crash of such a process may leave a core dump, which holds all that was in its memory.",
        example: "true")

    /// In the order of the documentation.
    static let packs: [SettingKey] = [
        packIsolation, packNiceness, packSandbox, packSandboxABI, packMemory, packThreads, packOpenFiles, packFileSize,
        packCoreDumps, packRestartDelays, packRestartLimit,
    ]
}
