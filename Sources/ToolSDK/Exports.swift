// Lets a pack say `import ToolSDK` and nothing else: JSON values are part of this module's own API.
//
// ToolABI is not re-exported. A pack names the C world once, in the signature of its entry function, and
// `PackEntry` is enough for that; everything else in the header is pointers.

@_exported import JSON
@_exported import JSONSchema
