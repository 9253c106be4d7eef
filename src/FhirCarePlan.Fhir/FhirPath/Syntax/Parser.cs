using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Syntax;

/// <summary>Reads an expression by precedence climbing. http://hl7.org/fhirpath/N1/#operator-precedence</summary>
internal sealed class Parser
{
    /// <summary>Bounds recursion, here and in everything that walks the tree.</summary>
    public const int Deepest = 250;
    private const int Sign = 11, TypeOperators = 8;

    private readonly Lexer lexer;
    private Token token;
    private int nesting;

    private Parser(string text)
    {
        lexer = new Lexer(text);
        token = lexer.Next();
    }

    /// <exception cref="FhirPathException">The text is not FHIRPath.</exception>
    public static Term Parse(string text)
    {
        var parser = new Parser(text);
        var term = parser.Expression(0);
        return parser.token.Kind == TokenKind.End ? term : throw parser.Unexpected();
    }

    private Term Expression(int least)
    {
        if (++nesting > Deepest) throw TooDeep();
        var left = token.Is("-") || token.Is("+") ? Signed() : Postfix(Primary());
        while (true)
        {
            if (TypeOperators >= least && (token.Is("is") || token.Is("as")))
                left = new TypeTest(left, Take().Text == "as", QualifiedName());
            else if (Infix(token) is var (operation, precedence) && precedence >= least)
            {
                Take();
                left = new Binary(operation, left, Expression(precedence + 1));
            }
            else break;
            if (left.Depth > Deepest) throw TooDeep();
        }
        nesting--;
        return left;
    }

    private Term Signed()
    {
        var isMinus = Take().Text == "-";
        return new Sign(isMinus, Expression(Sign));
    }

    private static (Operator Operator, int Precedence)? Infix(Token token) =>
        token.Kind is not (TokenKind.Symbol or TokenKind.Identifier) ? null : token.Text switch
        {
            "*" => (Operator.Multiply, 10),
            "/" => (Operator.Divide, 10),
            "div" => (Operator.Div, 10),
            "mod" => (Operator.Mod, 10),
            "+" => (Operator.Add, 9),
            "-" => (Operator.Subtract, 9),
            "&" => (Operator.Concatenate, 9),
            "|" => (Operator.Union, 7),
            "<" => (Operator.Less, 6),
            "<=" => (Operator.LessOrEqual, 6),
            ">" => (Operator.Greater, 6),
            ">=" => (Operator.GreaterOrEqual, 6),
            "=" => (Operator.Equal, 5),
            "!=" => (Operator.NotEqual, 5),
            "~" => (Operator.Equivalent, 5),
            "!~" => (Operator.NotEquivalent, 5),
            "in" => (Operator.In, 4),
            "contains" => (Operator.Contains, 4),
            "and" => (Operator.And, 3),
            "or" => (Operator.Or, 2),
            "xor" => (Operator.Xor, 2),
            "implies" => (Operator.Implies, 1),
            _ => null
        };

    /// <summary>`.name`, `.function(…)` and `[index]` after a term.</summary>
    private Term Postfix(Term term)
    {
        while (true)
        {
            if (token.Is("."))
            {
                Take();
                term = token.Kind == TokenKind.Special ? throw Unexpected() : NameOrCall(term);
            }
            else if (token.Is("["))
            {
                Take();
                term = new Indexer(term, Expression(0));
                Expect("]");
            }
            else return term;
            if (term.Depth > Deepest) throw TooDeep();
        }
    }

    private Term Primary()
    {
        switch (token.Kind)
        {
            case TokenKind.String: return new Literal(Take().Text);
            case TokenKind.Moment: return new Literal(Take().Value);
            case TokenKind.Number: return NumberOrQuantity();
            case TokenKind.Constant: return new Constant(Take().Text);
            case TokenKind.Special:
                return token.Text is "this" or "index" or "total" ? new Special(Take().Text) : throw Unexpected();
            case TokenKind.Identifier when token.Text is "true" or "false":
                return new Literal(Take().Text == "true");
            case TokenKind.Identifier when Infix(token) is null || token.Text is "contains" or "in":
            case TokenKind.DelimitedIdentifier:
                return NameOrCall(null);
        }
        if (token.Is("("))
        {
            Take();
            var inner = Expression(0);
            Expect(")");
            return inner;
        }
        if (!token.Is("{")) throw Unexpected();
        Take();
        Expect("}");
        return new Nothing();
    }

    private Term NumberOrQuantity()
    {
        var value = Take().Value;
        Unit? unit = null;
        if (token.Kind == TokenKind.String) unit = Unit.Of(token.Text);
        else if (token.Kind == TokenKind.Identifier) unit = Unit.Calendar(token.Text);
        if (unit is null) return new Literal(value);
        Take();
        return new Literal(Item.Of(value.Kind == ItemKind.Integer ? value.Integer : value.Decimal, unit));
    }

    private Term NameOrCall(Term? input)
    {
        if (token.Kind is not (TokenKind.Identifier or TokenKind.DelimitedIdentifier)) throw Unexpected();
        var name = Take().Text;
        if (!token.Is("(")) return new Member(input, name);
        Take();
        var arguments = new List<Term>();
        if (!token.Is(")"))
        {
            arguments.Add(Expression(0));
            while (token.Is(","))
            {
                Take();
                arguments.Add(Expression(0));
            }
        }
        Expect(")");
        return new Invocation(input, name, arguments);
    }

    private string QualifiedName()
    {
        var name = Name();
        if (!token.Is(".")) return name;
        Take();
        return $"{name}.{Name()}";

        string Name() => token.Kind is TokenKind.Identifier or TokenKind.DelimitedIdentifier ? Take().Text : throw Unexpected();
    }

    private Token Take()
    {
        var taken = token;
        token = lexer.Next();
        return taken;
    }

    private void Expect(string symbol)
    {
        if (!token.Is(symbol)) throw new FhirPathException($"Expected `{symbol}`, found {token} at character {token.At + 1}");
        Take();
    }

    private FhirPathException Unexpected() =>
        new(token.Kind == TokenKind.End
        ? $"The expression ends too early, at character {token.At + 1}" : $"Unexpected {token} at character {token.At + 1}");

    private static FhirPathException TooDeep() => new($"The expression is nested more than {Deepest} levels deep");
}
