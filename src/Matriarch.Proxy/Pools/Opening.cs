namespace Matriarch.Proxy;

/// <summary>
/// How sessions of a pool begin that ask for the same settings: found out once, with a server connection, and then
/// every login is answered without one.
/// </summary>
/// <param name="Carried">What such a session carries from the start.</param>
/// <param name="Baseline">The settings it asked for, in the server's form: what RESET goes back to.</param>
/// <param name="Reported">What its client is told of the settings that servers report.</param>
internal sealed record Opening(
    CarriedState Carried, IReadOnlyList<(byte[] Name, byte[] Value)> Baseline,
    Dictionary<string, string> Reported);
