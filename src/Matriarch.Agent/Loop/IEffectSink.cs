using Matriarch.Consensus;

namespace Matriarch.Agent;

/// <summary>
/// Who carries out what consensus wants. Called on the consensus thread: return at once, never block.
/// </summary>
internal interface IEffectSink
{
    void Apply(Effect effect);
}
