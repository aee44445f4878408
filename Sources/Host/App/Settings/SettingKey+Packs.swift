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

    /// In the order of the documentation.
    static let packs: [SettingKey] = [packIsolation, packNiceness, packRestartDelays, packRestartLimit]
}
