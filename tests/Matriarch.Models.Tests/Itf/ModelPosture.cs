using System.Text.Json;

namespace Matriarch.Models.Tests;

/// <summary>A posture of the model; <paramref name="Kind"/> is idle, detached, following or leading.</summary>
internal sealed record ModelPosture(string Kind, int Term, string Leader)
{
    public static ModelPosture Read(JsonElement posture) =>
        new(posture.Text("kind"), posture.Int("term"), posture.Text("leader"));
}
