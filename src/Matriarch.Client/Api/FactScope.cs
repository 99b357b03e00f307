namespace Matriarch.Client;

/// <summary>Whose fact it is, and so whose word on it counts.</summary>
public enum FactScope
{
    /// <summary>About the instance: the agent with the newest knowledge is right.</summary>
    Instance,

    /// <summary>About one node and what only its own agent can see.</summary>
    Node,
}
