using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// A logical slot as files, read from a primary: with both a standby stands exactly where the primary stood.
/// </summary>
/// <param name="Name">Of the slot.</param>
/// <param name="RestartLsn">Where decoding begins.</param>
/// <param name="State">Its state file, checked.</param>
/// <param name="Snapshot">
/// The snapshot of the catalogues that was serialized at <paramref name="RestartLsn"/>. Null when the primary has none
/// there, so that it would itself build one from the WAL that follows; for a slot that was never read.
/// </param>
public sealed record SlotCopy(
    string Name, Lsn RestartLsn, ReadOnlyMemory<byte> State, ReadOnlyMemory<byte>? Snapshot);
