namespace Matriarch.Topology;

/// <summary>
/// The topology store cannot be used now (down, locked, missing, unreadable); nothing was written. An expected state
/// of the world: callers go on without the store and try again later.
/// </summary>
public sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
