using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>"I lead this term, and this is how far I am."</summary>
public sealed record LeadershipClaim(Term Term, LeadershipPhase Phase);
