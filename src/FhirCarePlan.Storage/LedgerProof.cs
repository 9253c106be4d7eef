namespace FhirCarePlan.Storage;

public enum LedgerFault
{
    None,
    /// <summary>A row was changed, left out or put in.</summary>
    Broken,
    /// <summary>The newest rows are missing.</summary>
    CutOff,
    /// <summary>A payload is missing that no event of erasure covers.</summary>
    ErasedUnseen,
    /// <summary>The chain holds, but it is not the one the receipt was given for.</summary>
    OtherThanReceipt,
    /// <summary>The receipt was not signed with the ledger's key.</summary>
    ForeignReceipt,
    /// <summary>The index does not match the events.</summary>
    WrongIndex,
}

/// <summary>The result of checking the ledger.</summary>
/// <param name="Rows">Rows that are intact.</param>
/// <param name="Erased">Of these, how many payloads retention has erased.</param>
/// <param name="At">Number of the first row that is not intact; null when all are.</param>
/// <param name="Head">The chain's value at its end, in hex.</param>
public sealed record LedgerProof(LedgerFault Fault, long Rows, long Erased, long? At, string Head)
{
    public bool IsIntact => Fault == LedgerFault.None;
}

/// <summary>The head of the ledger at one time, to be kept out of reach of the people who run the database.</summary>
/// <param name="Head">The chain's value after `Rows` rows, in hex.</param>
/// <param name="Signature">HMAC-SHA-256 over the other fields under the ledger's key, in hex.</param>
public sealed record LedgerReceipt(long Rows, string Head, DateTimeOffset At, string Signature);

/// <summary>The ledger of this database was begun with another key.</summary>
public sealed class LedgerKeyException(string message) : Exception(message);
