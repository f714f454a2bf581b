namespace Holdfast.Retrieval.Analysis;

/// <summary>
/// The Porter stemmer (M. F. Porter, "An algorithm for suffix stripping", 1980) over a caller's buffer, without allocation.
/// Words with anything but <c>a-z</c> stay as they are, and so do words of one or two letters. A test compares it with the
/// stemmer inside SQLite's FTS5, word by word.
/// </summary>
internal ref struct PorterStemmer(Span<char> word)
{
    private readonly Span<char> _word = word;
    private int _length = word.Length;

    /// <summary>Length of the stem, which then stands at the front of <paramref name="word"/>. A stem is never longer than its word.</summary>
    public static int Stem(Span<char> word)
    {
        if (word.Length <= 2 || word.IndexOfAnyExceptInRange('a', 'z') >= 0)
        {
            return word.Length;
        }

        var stemmer = new PorterStemmer(word);
        stemmer.Plurals();
        stemmer.PastForms();
        stemmer.TrailingY();
        stemmer.DoubleSuffixes();
        stemmer.SingleSuffixes();
        stemmer.LastSuffixes();
        stemmer.TrailingE();
        return stemmer._length;
    }

    private void Plurals()
    {
        if (!EndsWith("s"))
        {
            return;
        }

        if (EndsWith("sses") || EndsWith("ies"))
        {
            _length -= 2;
        }
        else if (!EndsWith("ss"))
        {
            _length--;
        }
    }

    private void PastForms()
    {
        if (EndsWith("eed"))
        {
            if (Measure(_length - 3) > 0)
            {
                _length--;
            }

            return;
        }

        var cut = EndsWith("ed") ? 2 : EndsWith("ing") ? 3 : 0;
        if (cut == 0 || !HasVowel(_length - cut))
        {
            return;
        }

        _length -= cut;
        if (EndsWith("at") || EndsWith("bl") || EndsWith("iz"))
        {
            _word[_length++] = 'e';
        }
        else if (EndsInDouble(_length) && _word[_length - 1] is not ('l' or 's' or 'z'))
        {
            _length--;
        }
        else if (Measure(_length) == 1 && EndsInShort(_length))
        {
            _word[_length++] = 'e';
        }
    }

    private void TrailingY()
    {
        if (EndsWith("y") && HasVowel(_length - 1))
        {
            _word[_length - 1] = 'i';
        }
    }

    private void DoubleSuffixes()
    {
        _ = Replace("ational", "ate") || Replace("tional", "tion") || Replace("enci", "ence") || Replace("anci", "ance")
            || Replace("izer", "ize") || Replace("bli", "ble") || Replace("alli", "al") || Replace("entli", "ent")
            || Replace("eli", "e") || Replace("ousli", "ous") || Replace("ization", "ize") || Replace("ation", "ate")
            || Replace("ator", "ate") || Replace("alism", "al") || Replace("iveness", "ive") || Replace("fulness", "ful")
            || Replace("ousness", "ous") || Replace("aliti", "al") || Replace("iviti", "ive") || Replace("biliti", "ble")
            || Replace("logi", "log");
    }

    private void SingleSuffixes()
    {
        _ = Replace("icate", "ic") || Replace("ative", "") || Replace("alize", "al") || Replace("iciti", "ic")
            || Replace("ical", "ic") || Replace("ful", "") || Replace("ness", "");
    }

    private void LastSuffixes()
    {
        _ = Drop("al") || Drop("ance") || Drop("ence") || Drop("er") || Drop("ic") || Drop("able") || Drop("ible")
            || Drop("ant") || Drop("ement") || Drop("ment") || Drop("ent") || DropIon() || Drop("ou") || Drop("ism")
            || Drop("ate") || Drop("iti") || Drop("ous") || Drop("ive") || Drop("ize");
    }

    private void TrailingE()
    {
        if (EndsWith("e"))
        {
            var measure = Measure(_length - 1);
            if (measure > 1 || (measure == 1 && !EndsInShort(_length - 1)))
            {
                _length--;
            }
        }

        if (EndsWith("ll") && Measure(_length - 1) > 1)
        {
            _length--;
        }
    }

    private readonly bool EndsWith(string suffix) => _length > suffix.Length && _word[.._length].EndsWith(suffix);

    // True when the suffix stands there, replaced or not: the first suffix that fits ends the step.
    private bool Replace(string suffix, string with)
    {
        if (!EndsWith(suffix))
        {
            return false;
        }

        if (Measure(_length - suffix.Length) > 0)
        {
            _length -= suffix.Length;
            with.CopyTo(_word[_length..]);
            _length += with.Length;
        }

        return true;
    }

    private bool Drop(string suffix)
    {
        if (!EndsWith(suffix))
        {
            return false;
        }

        if (Measure(_length - suffix.Length) > 1)
        {
            _length -= suffix.Length;
        }

        return true;
    }

    private bool DropIon()
    {
        if (!EndsWith("ion"))
        {
            return false;
        }

        if (_word[_length - 4] is 's' or 't' && Measure(_length - 3) > 1)
        {
            _length -= 3;
        }

        return true;
    }

    private readonly bool IsConsonant(int index) => _word[index] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => index == 0 || !IsConsonant(index - 1),
        _ => true,
    };

    // The number of vowel-consonant sequences in the first units of the word.
    private readonly int Measure(int length)
    {
        var measure = 0;
        var wasVowel = false;
        for (var index = 0; index < length; index++)
        {
            var isConsonant = IsConsonant(index);
            measure += isConsonant && wasVowel ? 1 : 0;
            wasVowel = !isConsonant;
        }

        return measure;
    }

    private readonly bool HasVowel(int length)
    {
        for (var index = 0; index < length; index++)
        {
            if (!IsConsonant(index))
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool EndsInDouble(int length) =>
        length >= 2 && _word[length - 1] == _word[length - 2] && IsConsonant(length - 1);

    // Consonant, vowel, consonant, the last not w, x or y: hop, wil.
    private readonly bool EndsInShort(int length) =>
        length >= 3 && IsConsonant(length - 1) && !IsConsonant(length - 2) && IsConsonant(length - 3)
        && _word[length - 1] is not ('w' or 'x' or 'y');
}
