using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>Writes a conversation down, part by part.</summary>
internal sealed class ScriptBuilder
{
    private readonly List<(Side, byte[])> _parts = [];

    public ScriptBuilder Opening(params ReadOnlySpan<byte> bytes) => Add(Side.Opening, bytes);

    public ScriptBuilder Client(Action<FrontendWriter> write)
    {
        var writer = new FrontendWriter();
        write(writer);
        return Add(Side.Client, writer.Bytes.Span);
    }

    public ScriptBuilder Server(Action<BackendWriter> write)
    {
        var writer = new BackendWriter();
        write(writer);
        return Add(Side.Server, writer.Bytes.Span);
    }

    public ScriptBuilder Add(Side side, ReadOnlySpan<byte> bytes)
    {
        _parts.Add((side, bytes.ToArray()));
        return this;
    }

    public Script Build() => new(_parts);
}
