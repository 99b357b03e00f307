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

    /// <summary>The same voters, but other copies that a commit needs, or a cell that is named anew.</summary>
    ChangePolicy,
}
