namespace Matriarch.Consensus;

/// <summary>Why a rule row is written.</summary>
internal enum RuleChangeKind
{
    /// <summary>The first row of a term.</summary>
    NewTerm,

    /// <summary>One voter more.</summary>
    AddVoter,

    /// <summary>One voter less.</summary>
    RemoveVoter,
}
