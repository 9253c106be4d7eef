namespace FhirCarePlan.Fhir.FhirPath.Operators;

/// <summary>Three-valued logic. The right side is not evaluated where the left decides. http://hl7.org/fhirpath/N1/#boolean-logic</summary>
internal static class Logic
{
    public static Code And(Code left, Code right)
    {
        var (a, b) = (left.Test, right.Test);
        return Code.OfTruth(e =>
        {
            var first = a(e);
            if (first == Truth.False) return Truth.False;
            var second = b(e);
            return second == Truth.False ? Truth.False : first == Truth.True ? second : Truth.Empty;
        });
    }

    public static Code Or(Code left, Code right)
    {
        var (a, b) = (left.Test, right.Test);
        return Code.OfTruth(e =>
        {
            var first = a(e);
            if (first == Truth.True) return Truth.True;
            var second = b(e);
            return second == Truth.True ? Truth.True : first == Truth.False ? second : Truth.Empty;
        });
    }

    public static Code Xor(Code left, Code right)
    {
        var (a, b) = (left.Test, right.Test);
        return Code.OfTruth(e =>
        {
            var (first, second) = (a(e), b(e));
            return first == Truth.Empty || second == Truth.Empty ? Truth.Empty : first != second ? Truth.True : Truth.False;
        });
    }

    public static Code Implies(Code left, Code right)
    {
        var (a, b) = (left.Test, right.Test);
        return Code.OfTruth(e =>
        {
            var first = a(e);
            if (first == Truth.False) return Truth.True;
            var second = b(e);
            return first == Truth.True ? second : second == Truth.True ? Truth.True : Truth.Empty;
        });
    }
}
